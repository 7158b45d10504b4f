namespace Actors.Messages.Values;

/// <summary>The result of a function that returns none.</summary>
internal readonly record struct Nothing;
