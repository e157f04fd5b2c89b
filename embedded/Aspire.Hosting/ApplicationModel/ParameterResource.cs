using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value from outside: the configuration key Parameters:name (or with _ for -), else its default.</summary>
public class ParameterResource : Resource
{
    private readonly Lazy<string?> _value;

    internal ParameterResource(string name, IConfiguration configuration, bool secret, Func<string>? defaultValue) : base(name)
    {
        Secret = secret;
        _value = new(() => configuration[Key] ?? configuration[Key.Replace('-', '_')] ?? defaultValue?.Invoke());
    }

    internal bool Secret { get; }
    internal string Key => $"Parameters:{Name}";
    internal string? ValueOrNull => _value.Value;
    internal string Value => ValueOrNull ?? throw new DistributedApplicationException($"Parameter '{Name}' has no value: set the configuration key '{Key}'.");

    /// <summary>The value; throws when there is none.</summary>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<string?>(cancellationToken) : new(Value);
}

/// <summary>Where a parameter without a configured value gets one.</summary>
public abstract class ParameterDefault
{
    internal abstract string GetDefaultValue();
}

/// <summary>A random value: letters, digits and, unless switched off, a few signs. Upstream's minimum counts per kind are not here.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    /// <summary>How many characters.</summary>
    public int MinLength { get; set; } = 22;
    /// <summary>Whether signs may occur.</summary>
    public bool Special { get; set; } = true;

    internal override string GetDefaultValue() => RandomNumberGenerator.GetString(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" + (Special ? "-_.{}~()*+!" : ""), MinLength);
}
