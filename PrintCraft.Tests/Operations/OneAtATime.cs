namespace PrintCraft.Tests.Operations;

/// <summary>Tests that keep time or need a quiet machine: they run after all others, one by one.</summary>
[CollectionDefinition(nameof(OneAtATime), DisableParallelization = true)]
public sealed class OneAtATime;
