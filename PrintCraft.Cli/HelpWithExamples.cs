using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace PrintCraft.Cli;

/// <summary>The help of a command, followed by its examples; of the program, by exit codes and variables too.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (Examples.Of(parseResult.CommandResult.Command) is { Count: > 0 } examples)
        {
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  {example}");
            }

            output.WriteLine();
        }

        if (parseResult.CommandResult.Command is RootCommand)
        {
            output.WriteLine(Notes);
        }

        return code;
    }

    internal const string Notes = """
        Environment:
          PRINTCRAFT_API         address of the API (http://localhost:5310)
          PRINTCRAFT_CREDENTIAL  what to call with: the Credential line of the AppHost's start block, or an API key
          NO_COLOR               no colours

        Exit codes:
          0    done                                  5    rate limited
          1    the job failed, a check failed        6    the service is not available
          2    words or values that mean nothing     7    not found
          3    no valid credential for this          130  interrupted
          4    not enough credits
        """;
}
