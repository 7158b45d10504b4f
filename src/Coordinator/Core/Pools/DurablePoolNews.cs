namespace Actors.Coordinator.Pools;

/// <summary>On the event stream: what an operator wants to know of a durable pool, in words.</summary>
internal sealed record DurablePoolNews(string Text);
