namespace Aspire.Hosting.ApplicationModel;

/// <summary>A .NET project of the solution; started from its build output, without dotnet run.</summary>
public class ProjectResource : Resource, IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport
{
    internal ProjectResource(string name, string projectPath, string targetPath) : base(name) => (ProjectPath, TargetPath) = (projectPath, targetPath);

    internal string ProjectPath { get; }
    internal string TargetPath { get; }
    internal string? LaunchProfile { get; set; }
}

/// <summary>A program on this machine.</summary>
public class ExecutableResource : Resource, IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    internal ExecutableResource(string name, string command, string workingDirectory) : base(name) =>
        (Command, WorkingDirectory) = (command, workingDirectory);

    internal string Command { get; }
    internal string WorkingDirectory { get; }
}
