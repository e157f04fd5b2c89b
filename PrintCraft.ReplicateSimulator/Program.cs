using PrintCraft.ReplicateSimulator;

await SimulatorApp.Build(args).RunAsync();
