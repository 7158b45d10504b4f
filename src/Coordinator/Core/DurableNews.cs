namespace Actors.Coordinator;

/// <summary>On the event stream: what an operator wants to know of a durable pool, in words.</summary>
internal sealed record DurableNews(string Text);
