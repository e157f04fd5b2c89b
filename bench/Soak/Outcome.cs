using PrintCraft.Tests.Faults;

namespace PrintCraft.Soak;

/// <summary>What became of all orders, in the words of a Jepsen report.</summary>
/// <param name="Attempted">Requests sent.</param>
/// <param name="Accepted">Orders whose caller was told a job.</param>
/// <param name="Duplicated">Jobs that no caller was told, or that two orders were told.</param>
/// <param name="Lost">Jobs that a caller was told and that are not there or not final.</param>
/// <param name="DoubleCharged">Jobs with more than one capture, or charged for more than was made.</param>
/// <param name="Unexpected">Answers that nobody expects.</param>
/// <param name="Bought">Predictions on the provider's bill.</param>
internal sealed record Outcome(int Attempted, int Accepted, long Succeeded, long Failed, long Duplicated, int Lost, long DoubleCharged, int Unexpected, int Bought, long Images)
{
    public bool Holds => Duplicated == 0 && Lost == 0 && DoubleCharged == 0 && Unexpected == 0;

    public static async Task<Outcome> CountAsync(Scenario scenario, Orders orders)
    {
        foreach (var unexpected in orders.Unexpected.Take(10))
        {
            Console.Error.WriteLine(unexpected);
        }

        var told = orders.Accepted.Values.ToHashSet();
        var final = (await scenario.Sql.ListAsync("SELECT id FROM generations WHERE completed_at IS NOT NULL")).Select(Guid.Parse).ToHashSet();
        Task<long> CountAsync(string sql) => scenario.Sql.ScalarAsync<long>($"SELECT count(*) FROM {sql}");
        return new Outcome(
            orders.Attempted,
            orders.Accepted.Count,
            await CountAsync("generations WHERE status = 'succeeded'"),
            await CountAsync("generations WHERE status = 'failed'"),
            await CountAsync("generations") - told.Count + (orders.Accepted.Count - told.Count),
            told.Count(id => !final.Contains(id)),
            await CountAsync("(SELECT 1 FROM journals WHERE kind = 'capture' GROUP BY business_id HAVING count(*) > 1) AS twice")
                + await CountAsync("generations WHERE charged > credits_per_image * (SELECT count(*) FROM generation_images WHERE generation_id = id AND generation_images.status = 'succeeded')"),
            orders.Unexpected.Count,
            await scenario.SpendAsync(),
            await CountAsync("generation_images"));
    }

    public override string ToString() =>
        $"attempted {Attempted}, accepted {Accepted}, succeeded {Succeeded}, failed {Failed}, duplicated {Duplicated}, lost {Lost}, double-charged {DoubleCharged}, unexpected {Unexpected}";
}
