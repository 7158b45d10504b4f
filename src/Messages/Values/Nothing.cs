namespace Actors.Messages.Values;

/// <summary>The result of a function that returns no value.</summary>
public readonly record struct Nothing;
