using System.Collections.Concurrent;

namespace FirebaseAdmin;

/// <summary>What an app is made with.</summary>
public sealed class AppOptions
{
    /// <summary>Authorizes calls for accounts, unless the emulator is used; required in any case.</summary>
    public GoogleCredential Credential { get; set; }
    /// <summary>The project that tokens must be for.</summary>
    public string ProjectId { get; set; }
    /// <summary>Makes the clients of all requests.</summary>
    public HttpClientFactory HttpClientFactory { get; set; } = new();
}

/// <summary>A project's settings under a name of this process.</summary>
public sealed class FirebaseApp
{
    private static readonly ConcurrentDictionary<string, FirebaseApp> Apps = new();
    private readonly string _name;

    private FirebaseApp(AppOptions options, string name) => (_name, Auth) = (name, new(() => new(options)));

    internal Lazy<Auth.FirebaseAuth> Auth { get; }

    /// <summary>Makes an app; the name must be free.</summary>
    public static FirebaseApp Create(AppOptions options, string name)
    {
        ArgumentNullException.ThrowIfNull(options.Credential);
        var app = new FirebaseApp(options, name);
        return Apps.TryAdd(name, app) ? app : throw new ArgumentException($"There is an app named {name} already.");
    }

    /// <summary>Frees the name.</summary>
    public void Delete() => Apps.TryRemove(_name, out _);
}
