namespace Actors.Messages.Values;

/// <summary>The result of a function that returns no value.</summary>
internal readonly record struct Nothing;
