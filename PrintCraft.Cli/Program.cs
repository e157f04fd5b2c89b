using PrintCraft.Cli;

return await CommandLine.RunAsync(args);
