using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace PrintCraft.Tests.Embedded;

/// <summary>Parameters, and what a model refuses before anything runs.</summary>
public sealed class ParameterTests
{
    [Theory]
    [InlineData(null, 22)]
    [InlineData(40, 40)]
    public async Task A_generated_value_has_the_wanted_length_and_stays(int? wanted, int length)
    {
        var value = wanted is { } minimum ? new GenerateParameterDefault { MinLength = minimum } : new GenerateParameterDefault();
        var parameter = SmallApp.Describe().AddParameter("password", value).Resource;

        var first = await parameter.GetValueAsync(CancellationToken.None);

        Assert.Equal(length, first!.Length);
        Assert.Equal(first, await parameter.GetValueAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Every_run_generates_another_value()
    {
        var values = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
            await SmallApp.Describe().AddParameter("password", new GenerateParameterDefault()).Resource.GetValueAsync(CancellationToken.None)));

        Assert.Equal(20, values.Distinct().Count());
    }

    [Theory]
    [InlineData(true, "^[-A-Za-z0-9_.{}~()*+!]+$", true)]
    [InlineData(false, "^[A-Za-z0-9]+$", false)]
    public async Task Signs_occur_unless_they_are_switched_off(bool special, string pattern, bool hasSigns)
    {
        var parameter = SmallApp.Describe().AddParameter("password", new GenerateParameterDefault { MinLength = 500, Special = special }).Resource;

        var value = (await parameter.GetValueAsync(CancellationToken.None))!;

        Assert.Matches(pattern, value);
        Assert.Equal(hasSigns, value.Any(c => !char.IsAsciiLetterOrDigit(c)));
        Assert.Contains(value, char.IsAsciiLetterLower);
        Assert.Contains(value, char.IsAsciiLetterUpper);
        Assert.Contains(value, char.IsAsciiDigit);
    }

    [Theory]
    [InlineData("--Parameters:api-key=given")]
    [InlineData("--Parameters:api_key=given")]
    public async Task Configuration_wins_over_the_default(string argument)
    {
        var builder = SmallApp.Describe(argument);

        Assert.Equal("given", await builder.AddParameter("api-key", new GenerateParameterDefault(), secret: true).Resource.GetValueAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_missing_value_is_an_error_that_names_the_parameter()
    {
        var parameter = SmallApp.Describe().AddParameter("api-key", secret: true).Resource;

        var error = await Assert.ThrowsAnyAsync<DistributedApplicationException>(async () => await parameter.GetValueAsync(CancellationToken.None));

        Assert.Contains("api-key", error.Message, StringComparison.Ordinal);
        Assert.Contains("Parameters:api-key", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("web")]
    [InlineData("WEB")]
    public void A_name_can_be_used_once(string name)
    {
        var builder = SmallApp.Describe();
        builder.AddShell("web");

        var error = Assert.Throws<DistributedApplicationException>(() => builder.AddParameter(name));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Single(builder.Resources);
    }
}
