using Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

using Npgsql;

using static PrintCraft.Tests.Embedded.BareHost;

namespace PrintCraft.Tests.Embedded;

/// <summary>What <c>AddNpgsqlDbContext</c> registers and where its settings come from. The same holds with the real package.</summary>
public sealed class ContextClientTests
{
    private const string Postgres = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";
    private static readonly string[] Layers = ["", ":db", ":Shop"];

    public sealed class Shop(DbContextOptions<Shop> options) : DbContext(options);

    [Fact]
    public void A_context_is_pooled_and_its_health_check_is_named_after_it()
    {
        var builder = Builder("ConnectionStrings:db=Host=here");
        builder.AddNpgsqlDbContext<Shop>("db");
        var services = Services(builder);

        Assert.Equal(
            [ServiceLifetime.Scoped, ServiceLifetime.Singleton],
            new[] { typeof(Shop), typeof(DbContextOptions<Shop>) }.Select(type => Single(builder, type).Lifetime));
        Assert.Same(InScope(), InScope());
        Assert.DoesNotContain(builder.Services, service => service.ServiceType == typeof(NpgsqlDataSource));
        AssertCheck("Shop", builder);

        Shop InScope()
        {
            using var scope = services.CreateScope();
            return scope.ServiceProvider.GetRequiredService<Shop>();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_settings_of_a_context_come_from_section_connection_name_and_type_name_and_the_last_one_wins(int layers)
    {
        var builder = Builder([.. Layers.Take(layers).Select((layer, index) => $"{Postgres}{layer}:CommandTimeout={index + 1}"), "ConnectionStrings:db=Host=here"]);

        NpgsqlEntityFrameworkCorePostgreSQLSettings? settings = null;
        builder.AddNpgsqlDbContext<Shop>("db", given => settings = given);

        Assert.Equal(layers, settings!.CommandTimeout);
        Assert.Equal(layers, Context(builder).Database.GetCommandTimeout());
    }

    [Fact]
    public void The_connection_string_of_a_context_comes_from_its_own_place_and_the_delegate_has_the_last_word()
    {
        string[] sections = [$"{Postgres}:ConnectionString=Host=section", $"{Postgres}:db:ConnectionString=Host=named"];

        Assert.Equal("Host=named", Used(Builder(sections), null));
        Assert.Equal("Host=own", Used(Builder([.. sections, "ConnectionStrings:db=Host=own"]), null));
        Assert.Equal("Host=delegate", Used(Builder([.. sections, "ConnectionStrings:db=Host=own"]), settings => settings.ConnectionString = "Host=delegate"));

        static string? Used(HostApplicationBuilder builder, Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configure)
        {
            builder.AddNpgsqlDbContext<Shop>("db", configure);
            return Context(builder).Database.GetConnectionString();
        }
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_context_retries_unless_told_otherwise(bool disabled, bool retries)
    {
        var builder = Builder("ConnectionStrings:db=Host=here");
        builder.AddNpgsqlDbContext<Shop>("db", settings => settings.DisableRetry = disabled);

        Assert.Equal(retries, Context(builder).Database.CreateExecutionStrategy().RetriesOnFailure);
    }

    [Fact]
    public void A_context_without_connection_string_fails_at_first_use_and_says_where_it_belongs()
    {
        var builder = Builder();
        builder.AddNpgsqlDbContext<Shop>("db");

        var error = Assert.Throws<InvalidOperationException>(() => Context(builder));

        Assert.Equal(
            "ConnectionString is missing. It should be provided in 'ConnectionStrings:db' or under the 'ConnectionString' key in "
            + $"'{Postgres}' or '{Postgres}:Shop' configuration section.",
            error.Message);
    }

    [Fact]
    public void A_context_that_is_registered_twice_is_refused_in_development()
    {
        var builder = Builder("environment=Development");
        builder.Services.AddDbContext<Shop>();

        var error = Assert.Throws<InvalidOperationException>(() => builder.AddNpgsqlDbContext<Shop>("db"));

        Assert.Equal(
            "DbContext<Shop> is already registered. Please ensure 'services.AddDbContext<Shop>()' is not used when calling 'AddNpgsqlDbContext()' "
            + "or use the corresponding 'Enrich' method.",
            error.Message);
    }

    private static Shop Context(HostApplicationBuilder builder) => Services(builder).CreateScope().ServiceProvider.GetRequiredService<Shop>();
}
