namespace Actors.Coordinator;

/// <summary>A line for operators, published on the event stream.</summary>
internal sealed record LogEvent(string Text);
