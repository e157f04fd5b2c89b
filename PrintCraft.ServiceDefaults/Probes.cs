using Microsoft.AspNetCore.Http;

namespace PrintCraft.ServiceDefaults;

/// <summary>The addresses that orchestrators and load balancers ask every few seconds: nothing to trace, log or measure.</summary>
public static class Probes
{
    internal const string HealthPath = "/health";
    internal const string AlivePath = "/alive";

    public static bool IsProbe(HttpContext context) => context.Request.Path.Value is HealthPath or AlivePath;
}
