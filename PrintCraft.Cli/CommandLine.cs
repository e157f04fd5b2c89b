using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;

using PrintCraft.Cli.ApiKeys;
using PrintCraft.Cli.Connections;
using PrintCraft.Cli.Credits;
using PrintCraft.Cli.Doctor;
using PrintCraft.Cli.Generations;
using PrintCraft.Cli.Output;

namespace PrintCraft.Cli;

/// <summary>The words that the program understands.</summary>
internal static class CommandLine
{
    /// <summary>After Ctrl+C a command has so long to say what goes on without it.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(15);

    public static string Version { get; } = typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static async Task<int> RunAsync(string[] args)
    {
        // A prompt may begin with @; it is no file of arguments.
        var words = Root().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (args.Length == 0)
        {
            await Root().Parse("--help").InvokeAsync(new InvocationConfiguration { Output = Console.Error });
            return (int)Exit.Usage;
        }

        return words.Action is ParseErrorAction
            ? (int)Misunderstood(words, args)
            : await words.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = Farewell });
    }

    public static RootCommand Root()
    {
        var root = new RootCommand("PrintCraft on the command line: a prompt becomes a picture.")
        {
            GlobalOptions.Api,
            GlobalOptions.Credential,
            GlobalOptions.Json,
            GenerateCommand.Build(),
            JobsCommand.Build(),
            CreditsCommand.Build(),
            KeysCommand.Build(),
            DoctorCommand.Build(),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    /// <summary>Runs the work when the command is called.</summary>
    public static void Does(this Command command, Func<Session, CancellationToken, Task<Exit>> work) =>
        command.SetAction((words, cancellationToken) => Session.RunAsync(words, work, cancellationToken));

    private static Exit Misunderstood(ParseResult words, string[] args)
    {
        var names = new List<string>();
        for (var at = words.CommandResult; at is not null; at = at.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Insert(0, at.Command is RootCommand ? "printcraft" : at.Command.Name);
        }

        var why = string.Join(' ', words.Errors.Select(error => error.Message).Distinct());
        return new Terminal(args.Contains("--json")).Fail(Failure.Usage(CredentialSource.Redact(why), $"See `{string.Join(' ', names)} --help`."));
    }
}
