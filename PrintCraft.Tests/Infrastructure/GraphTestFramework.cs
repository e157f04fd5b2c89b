using System.Reflection;

using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("PrintCraft.Tests.Infrastructure.GraphTestFramework", "PrintCraft.Tests")]

namespace PrintCraft.Tests.Infrastructure;

/// <summary>xunit 2.9 has no assembly fixture: this stops the shared graph after the last test and before the run is reported as ended.</summary>
public sealed class GraphTestFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) => new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assemblyName, ISourceInformationProvider source, IMessageSink messages)
        : XunitTestFrameworkExecutor(assemblyName, source, messages)
    {
        protected override async void RunTestCases(IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
        {
            using var runner = new Runner(TestAssembly, testCases, DiagnosticMessageSink, executionMessageSink, executionOptions);
            await runner.RunAsync();
        }
    }

    private sealed class Runner(
        ITestAssembly testAssembly, IEnumerable<IXunitTestCase> testCases, IMessageSink messages, IMessageSink executionMessages, ITestFrameworkExecutionOptions options)
        : XunitTestAssemblyRunner(testAssembly, testCases, messages, executionMessages, options)
    {
        protected override async Task BeforeTestAssemblyFinishedAsync()
        {
            await PrintCraftApp.StopSharedAsync();
            await base.BeforeTestAssemblyFinishedAsync();
        }
    }
}
