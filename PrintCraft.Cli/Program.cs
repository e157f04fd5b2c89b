using PrintCraft.Cli;
using PrintCraft.Cli.Output;

StandardOutput.Open();
return await CommandLine.RunAsync(args);
