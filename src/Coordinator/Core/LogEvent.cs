namespace Actors.Coordinator;

/// <summary>On the event stream: what an operator wants to know, in words.</summary>
internal sealed record LogEvent(string Text);
