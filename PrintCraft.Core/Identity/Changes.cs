using System.Text.Json;
using System.Text.Json.Nodes;

namespace PrintCraft.Core.Identity;

/// <summary>How two states of a thing differ, as the audit log keeps it: <c>{"field": {"from": …, "to": …}}</c>.</summary>
public static class Changes
{
    /// <summary>The members that differ; null when none does.</summary>
    /// <param name="before">Null when the thing is new: then every member that has a value has changed.</param>
    public static JsonObject? Between<T>(T? before, T after)
        where T : class
    {
        var (old, now) = (before is null ? [] : Members(before), Members(after));
        var changed = now.Select(member => member.Key).Where(name => !JsonNode.DeepEquals(old[name], now[name])).ToList();
        return changed.Count == 0
            ? null
            : new JsonObject(changed.Select(name => KeyValuePair.Create<string, JsonNode?>(name, new JsonObject { ["from"] = old[name]?.DeepClone(), ["to"] = now[name]?.DeepClone() })));
    }

    private static JsonObject Members<T>(T thing) => JsonSerializer.SerializeToNode(thing, JsonSerializerOptions.Web)!.AsObject();
}
