namespace PrintCraft.Core.Generations;

/// <summary>Chooses the model, and so the price and the time.</summary>
public enum Quality
{
    Draft,
    Standard,
    High,
}
