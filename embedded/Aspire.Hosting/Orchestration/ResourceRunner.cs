using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// The life of each instance: wait, start, run, end. A life never throws: what goes wrong before the process runs is FailedToStart, a
/// process that ends is Finished (a server: Exited) with its exit code. The host's end cancels waits; running processes it stops itself.
/// </summary>
internal sealed class ResourceRunner(
    IReadOnlyList<ResourceInstance> instances,
    IReadOnlyDictionary<EndpointAnnotation, EndpointProxy> proxies,
    ProcessSupervisor supervisor,
    Dependencies dependencies,
    HealthMonitor health,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    IConfiguration configuration,
    IHostEnvironment environment,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>Begins a life and returns when the process runs, waits for others, or could not be started.</summary>
    public Task StartAsync(ResourceInstance instance, CancellationToken stopping)
    {
        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        instance.Life = Task.Run(() => LiveAsync(instance, settled, stopping), CancellationToken.None);
        return settled.Task;
    }

    public async Task StopAsync(ResourceInstance instance)
    {
        if (instance.Process is { Exit.IsCompleted: false } process)
        {
            Publish(instance, snapshot => snapshot with { State = Snapshots.State(KnownResourceStates.Stopping) });
            await process.StopAsync(CancellationToken.None);
        }

        await instance.Life;
    }

    public void Publish(ResourceInstance instance, Func<CustomResourceSnapshot, CustomResourceSnapshot> update) =>
        notifications.Publish(instance.Resource, instance.Id, previous =>
        {
            var next = update(previous ?? Snapshots.Initial(instance.Resource, Now));
            return instance.HasProcess ? next with { Commands = Snapshots.Commands(next.State?.Text) } : next;
        });

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private async Task LiveAsync(ResourceInstance instance, TaskCompletionSource settled, CancellationToken stopping)
    {
        try
        {
            await WaitAsync(instance, settled, stopping);
            Publish(instance, snapshot => snapshot with
            {
                State = Snapshots.State(KnownResourceStates.Starting),
                StartTimeStamp = null,
                StopTimeStamp = null,
                ExitCode = null,
            });
            var program = await PrepareAsync(instance, stopping);
            stopping.ThrowIfCancellationRequested();
            instance.Process = supervisor.Start(program, (line, isError) => logs.Write(instance.Id, line, isError));
            if (stopping.IsCancellationRequested)
            {
                _ = instance.Process.StopAsync(CancellationToken.None);
            }

            ShowRunning(instance, program, instance.Process);
            settled.TrySetResult();
            var exitCode = await instance.Process.Exit;
            ShowEnded(instance, instance.Resource is ContainerResource ? KnownResourceStates.Exited : KnownResourceStates.Finished, exitCode);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            ShowEnded(instance, KnownResourceStates.NotStarted, null);
        }
        catch (Exception exception)
        {
            logs.Write(instance.Id, exception.Message, isError: true);
            logger.LogError("{Resource} failed to start: {Reason}", instance.Resource.Name, exception.Message);
            ShowEnded(instance, KnownResourceStates.FailedToStart, null);
        }
        finally
        {
            settled.TrySetResult();
        }
    }

    private async Task WaitAsync(ResourceInstance instance, TaskCompletionSource settled, CancellationToken stopping)
    {
        if (instance.Resource.All<WaitAnnotation>().Select(wait => wait.Dependency.Name).ToList() is { Count: > 0 } names)
        {
            Publish(instance, snapshot => snapshot with { State = Snapshots.State(KnownResourceStates.Waiting) });
            logs.Write(instance.Id, $"Waiting for {string.Join(", ", names)}.", isError: false);
            settled.TrySetResult();
            await dependencies.WaitAsync(instance.Resource, IdsOf, stopping);
        }
    }

    private async Task<LocalProgram> PrepareAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        if (instance.Server is { } server)
        {
            return await server.PrepareAsync(cancellationToken);
        }

        var resource = instance.Resource;
        foreach (var endpoint in resource.All<EndpointAnnotation>())
        {
            instance.Ports[endpoint] = Ports.Free();
        }

        var arguments = resource.All<ArgumentsAnnotation>().SelectMany(annotation => annotation.Arguments);
        var program = resource is ProjectResource project
            ? new LocalProgram("dotnet", [project.TargetPath, .. arguments], Path.GetDirectoryName(project.ProjectPath)!)
            : new LocalProgram(((ExecutableResource)resource).Command, [.. arguments], ((ExecutableResource)resource).WorkingDirectory);
        return program with { Environment = ResourceEnvironment.For(resource, instance.Suffix, instance.Ports, configuration, environment) };
    }

    private void ShowRunning(ResourceInstance instance, LocalProgram program, LocalProcess process)
    {
        var resource = instance.Resource;
        Publish(instance, snapshot =>
        {
            var running = (snapshot with
            {
                State = Snapshots.State(KnownResourceStates.Running),
                StartTimeStamp = process.StartTimeUtc,
                Urls = Snapshots.Urls(resource),
                HealthReports = Snapshots.Unasked(resource),
                Ready = null,
                EnvironmentVariables = [.. program.Environment.Select(pair => new EnvironmentVariableSnapshot(pair.Key, pair.Value, true))],
            }).WithProperty("executable.pid", process.Id).WithProperty("executable.path", program.FileName)
                .WithProperty("executable.workDir", program.WorkingDirectory);
            return instance.Server is { } server
                ? running.WithProperty("resource.source", server.Source)
                    .WithProperty("resource.connectionString", ((IResourceWithConnectionString)resource).ConnectionString, sensitive: true)
                : running.WithProperty("executable.args", program.Arguments);
        });
        SetTargets(resource);
        health.Started(resource, IdsOf(resource));
        foreach (var database in ChildrenOf(resource))
        {
            Publish(database, snapshot => (snapshot with
            {
                State = Snapshots.State(KnownResourceStates.Running),
                StartTimeStamp = process.StartTimeUtc,
            }).WithProperty("resource.connectionString", ((IResourceWithConnectionString)database.Resource).ConnectionString, sensitive: true));
            health.Started(database.Resource, [database.Id]);
        }
    }

    private void ShowEnded(ResourceInstance instance, string state, int? exitCode)
    {
        instance.Process = null;
        SetTargets(instance.Resource);
        foreach (var one in ChildrenOf(instance.Resource).Prepend(instance))
        {
            Publish(one, snapshot => (snapshot with
            {
                State = Snapshots.State(state),
                StopTimeStamp = snapshot.StartTimeStamp is null ? null : Now,
                ExitCode = exitCode,
                Urls = [],
                HealthReports = Snapshots.Unasked(one.Resource),
                Ready = null,
            }).WithProperty("executable.pid", null).WithProperty("resource.exitCode", exitCode));
            if (!instances.Any(other => other.Resource == one.Resource && other.Process is not null))
            {
                health.Ended(one.Resource);
            }
        }

        logger.LogDebug("{Resource} is {State}, exit code {ExitCode}", instance.Id, state, exitCode);
    }

    private void SetTargets(IResource resource)
    {
        foreach (var endpoint in resource.All<EndpointAnnotation>().Where(proxies.ContainsKey))
        {
            proxies[endpoint].SetTargets([.. instances.Where(one => one.Resource == resource && one.Process is not null).Select(one => one.Ports[endpoint])]);
        }
    }

    private List<string> IdsOf(IResource resource) => [.. instances.Where(one => one.Resource == resource).Select(one => one.Id)];

    private IEnumerable<ResourceInstance> ChildrenOf(IResource resource) =>
        instances.Where(one => one.Resource is PostgresDatabaseResource database && database.Parent == resource);
}
