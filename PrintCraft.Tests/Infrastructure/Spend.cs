using System.Net.Http.Json;
using System.Text.Json;

namespace PrintCraft.Tests.Infrastructure;

/// <summary>What the simulator was asked to run: each accepted POST is money at a real provider.</summary>
public static class Spend
{
    /// <summary>Predictions that were bought for a generation.</summary>
    public static async Task<int> CountAsync(PrintCraftApp app, Guid generationId)
    {
        using var http = app.Http("replicate");
        var spend = await http.GetFromJsonAsync<JsonElement>($"/simulator/spend?webhook-contains=job={generationId}");
        return (spend.ValueKind == JsonValueKind.Array ? spend : spend.GetProperty("results")).GetArrayLength();
    }
}
