namespace Aspire.Hosting.Embedded;

/// <summary>
/// The life of each instance: wait, start, run, end. A life never throws: what goes wrong before the process runs is FailedToStart, a
/// process that ends is Finished (a server: Exited) with its exit code. The host's end cancels waits; processes are stopped one by one.
/// </summary>
internal sealed class ResourceRunner(
    ProcessSupervisor supervisor, HealthMonitor health, ResourceNotificationService notifications, ResourceLoggerService logs,
    IConfiguration configuration, IHostEnvironment environment, TimeProvider time, IServiceProvider services, ILogger<ResourceRunner> logger)
{
    public List<ResourceInstance> Instances { get; } = [];

    public Dictionary<Endpoint, EndpointProxy> Proxies { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Cancelled when the host ends.</summary>
    public CancellationTokenSource Stopping { get; } = new();

    public void Write(ResourceInstance instance, string line, bool isError) => logs.Write(instance.Resource.Name, instance.Id, line, isError);

    public void Publish(ResourceInstance instance, Func<CustomResourceSnapshot, CustomResourceSnapshot> update) =>
        notifications.Publish(instance.Resource, instance.Id, previous =>
        {
            var next = update(previous ?? Snapshots.Initial(instance.Resource, time.GetUtcNow().UtcDateTime));
            return ReferenceEquals(previous, next) ? next : next with { Commands = Snapshots.Commands(instance, next) };
        });

    /// <summary>Begins a life; its first state is published before this returns.</summary>
    public void Start(ResourceInstance instance)
    {
        SetState(instance, instance.Resource.Description.Waits.Count > 0 ? KnownResourceStates.Waiting : KnownResourceStates.Starting);
        instance.Life = Task.Run(() => LiveAsync(instance, Stopping.Token), CancellationToken.None);
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

    /// <summary>Runs a command that the AppHost added, or else starts, stops or restarts one instance; its colleagues go on.</summary>
    public async Task<ExecuteCommandResult> ExecuteAsync(string resourceId, string command, CancellationToken cancellationToken)
    {
        var id = notifications.TryGetCurrentState(resourceId, out var known) ? known.ResourceId : null;
        var instance = Instances.Find(one => one.Id == id);
        if (instance?.Resource.Description.Commands.Find(one => one.Name == command) is { } added)
        {
            var log = new InstanceLog((line, isError) => Write(instance, line, isError));
            return await added.RunAsync(new() { Services = services, ResourceName = resourceId, CancellationToken = cancellationToken, Logger = log });
        }

        return instance is { HasProcess: true } ? await SwitchAsync(instance, command, cancellationToken)
            : CommandResults.Failure($"Command '{command}' is not available: '{resourceId}' is no single process and has no such command.");
    }

    private async Task<ExecuteCommandResult> SwitchAsync(ResourceInstance instance, string command, CancellationToken cancellationToken)
    {
        await instance.Gate.WaitAsync(cancellationToken);
        try
        {
            var state = notifications.TryGetCurrentState(instance.Id, out var now) ? now.Snapshot.State?.Text : null;
            if (Stopping.IsCancellationRequested || !Snapshots.OfProcess(state).Any(one => one.Name == command && one.State == ResourceCommandState.Enabled))
            {
                return CommandResults.Failure($"Command '{command}' is not available while '{instance.Id}' is '{state}'.");
            }

            // Also before a start: an ended life may still be at its last line.
            await StopAsync(instance);
            if (command != KnownResourceCommands.StopCommand)
            {
                Start(instance);
            }

            return new ExecuteCommandResult { Success = true };
        }
        finally
        {
            instance.Gate.Release();
        }
    }

    private async Task LiveAsync(ResourceInstance instance, CancellationToken stopping)
    {
        try
        {
            if (instance.Resource.Description.Waits is { Count: > 0 } waits)
            {
                Write(instance, $"Waiting for {string.Join(", ", waits.Select(wait => wait.Dependency.Name))}.", isError: false);
                await notifications.WaitAsync(instance.Resource, IdsOf, stopping);
                SetState(instance, KnownResourceStates.Starting);
            }

            if (ServerPackages.NeedOf(instance.Resource as ProjectResource) is { } library)
            {
                await ServerPackages.EnsureAsync(library, supervisor, (line, isError) => Write(instance, line, isError), stopping);
            }

            var program = instance.Server is null ? Prepare(instance) : await instance.Server.PrepareAsync(stopping);
            stopping.ThrowIfCancellationRequested();
            instance.Process = supervisor.Start(program, (line, isError) => Write(instance, line, isError));
            ShowRunning(instance, program, instance.Process);
            if (stopping.IsCancellationRequested)
            {
                _ = instance.Process.StopAsync(CancellationToken.None);
            }

            var exitCode = await instance.Process.Exit;
            ShowEnded(instance, instance.Resource is ContainerResource ? KnownResourceStates.Exited : KnownResourceStates.Finished, exitCode);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            ShowEnded(instance, KnownResourceStates.NotStarted, null);
        }
        catch (Exception exception)
        {
            Write(instance, exception.Message, isError: true);
            logger.LogError("{Resource} failed to start: {Reason}", instance.Resource.Name, exception.Message);
            ShowEnded(instance, KnownResourceStates.FailedToStart, null);
        }
    }

    private LocalProgram Prepare(ResourceInstance instance)
    {
        instance.Resource.Description.Endpoints.ForEach(endpoint => instance.Ports[endpoint] = Ports.Free());
        var arguments = instance.Resource.Description.Arguments;
        var program = instance.Resource is ExecutableResource executable
            ? new LocalProgram(executable.Command, arguments, executable.WorkingDirectory)
            : instance.Resource is ProjectResource project ? new LocalProgram("dotnet", [project.TargetPath, .. arguments], Path.GetDirectoryName(project.ProjectPath)!)
            : throw new InvalidOperationException($"{instance.Resource.Name} has no program.");
        return program with { Environment = ResourceEnvironment.For(instance, configuration, environment) };
    }

    private void SetState(ResourceInstance instance, string state) => WithDatabases(instance).ForEach(one => Publish(one, snapshot =>
        (snapshot with { State = Snapshots.State(state), StartTimeStamp = null, StopTimeStamp = null, ExitCode = null }).With("resource.exitCode", null)));

    private void ShowRunning(ResourceInstance instance, LocalProgram program, LocalProcess process)
    {
        Publish(instance, snapshot => (snapshot with
        {
            EnvironmentVariables = [.. program.Environment.Select(pair => new EnvironmentVariableSnapshot(pair.Key, pair.Value, true))],
            Urls = Snapshots.Urls(instance.Resource),
        }).With("executable.pid", process.Id).With("executable.path", program.FileName).With("executable.workDir", program.WorkingDirectory)
            .With("executable.args", instance.Server is null ? program.Arguments : null).With("resource.source", instance.Server?.Source));
        SetTargets(instance.Resource);
        foreach (var one in WithDatabases(instance))
        {
            Publish(one, snapshot => (snapshot with { State = Snapshots.State(KnownResourceStates.Running), StartTimeStamp = process.StartTimeUtc })
                .With("resource.connectionString", one.Resource.Description.ConnectionString?.Invoke(), sensitive: true));
            health.Started(one.Resource, IdsOf(one.Resource));
        }
    }

    private void ShowEnded(ResourceInstance instance, string state, int? exitCode)
    {
        instance.Process = null;
        SetTargets(instance.Resource);
        foreach (var one in WithDatabases(instance))
        {
            if (!Instances.Exists(other => other.Resource == one.Resource && other.Process is not null))
            {
                health.Ended(one.Resource);
            }

            Publish(one, snapshot => (snapshot with
            {
                State = Snapshots.State(state),
                StopTimeStamp = snapshot.StartTimeStamp is null ? null : time.GetUtcNow().UtcDateTime,
                ExitCode = exitCode,
                Urls = [],
                HealthReports = Snapshots.Unasked(one.Resource),
                Ready = null,
            }).With("executable.pid", null).With("resource.exitCode", exitCode));
        }

        logger.LogDebug("{Resource} is {State}, exit code {ExitCode}", instance.Id, state, exitCode);
    }

    private void SetTargets(IResource resource)
    {
        foreach (var endpoint in resource.Description.Endpoints.Where(Proxies.ContainsKey))
        {
            Proxies[endpoint].SetTargets([.. Instances.Where(one => one.Resource == resource && one.Process is not null).Select(one => one.Ports[endpoint])]);
        }
    }

    private List<string> IdsOf(IResource resource) => [.. Instances.Where(one => one.Resource == resource).Select(one => one.Id)];

    /// <summary>A database shares the fate of its server.</summary>
    private List<ResourceInstance> WithDatabases(ResourceInstance instance) =>
        Instances.FindAll(one => one == instance || (one.Resource as PostgresDatabaseResource)?.Parent == instance.Resource);

    private sealed class InstanceLog(Action<string, bool> write) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            write(formatter(state, exception), logLevel >= LogLevel.Error);
    }
}
