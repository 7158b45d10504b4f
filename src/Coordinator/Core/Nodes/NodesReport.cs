namespace Actors.Coordinator.Nodes;

/// <summary>The figures of the worker nodes, published on the event stream when they change.</summary>
/// <param name="Nodes">The number of nodes.</param>
/// <param name="Slots">The number of executors that they offer together.</param>
public sealed record NodesReport(int Nodes, int Slots);
