using System.Reflection;

using PrintCraft.Core.Generations;

namespace PrintCraft.Tests.Generations;

public sealed class FailureCodesTests
{
    private static readonly IReadOnlyList<string> All =
        [.. typeof(FailureCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];

    [Fact]
    public void Every_code_has_a_message_of_its_own()
    {
        var messages = All.Select(FailureCodes.Message).Append(FailureCodes.Message("a code from later"));

        Assert.Equal(All.Count + 1, messages.Distinct().Count());
    }

    [Fact]
    public void Every_message_says_that_nothing_was_charged()
    {
        Assert.All(All, code => Assert.EndsWith("Nothing was charged for it.", FailureCodes.Message(code), StringComparison.Ordinal));
    }

    [Fact]
    public void Codes_are_lower_snake_case()
    {
        Assert.All(All, code => Assert.Matches("^[a-z]+(_[a-z]+)*$", code));
    }
}
