using PrintCraft.Core.Generations;

namespace PrintCraft.Tests.Generations;

/// <summary>What the rules make of a draft.</summary>
internal static class Orders
{
    public const string SideRule = "must be from 256 to 2048 and a multiple of 8";
    public const string WebhookUrlRule = "must be an absolute http or https address of at most 2000 characters on a public host and port 80 or 443, without user name or fragment";

    public static readonly ModelCatalog Models = new();

    public static readonly GenerationDraft Least = new("a red fox", null, null, null, null, null, null, null, null, null);

    public static GenerationOrder Order(GenerationDraft draft)
    {
        var isOrder = OrderRules.TryOrder(draft, Models, out var order, out var errors);

        Assert.Empty(errors);
        Assert.True(isOrder);
        return order!;
    }

    public static void AssertRefused(GenerationDraft draft, params FieldError[] expected)
    {
        Assert.False(OrderRules.TryOrder(draft, Models, out var order, out var errors));
        Assert.Null(order);
        Assert.Equal(expected, errors);
    }
}
