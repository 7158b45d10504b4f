namespace Actors.Coordinator.Nodes;

/// <summary>On the event stream, when it changes: which worker nodes there are.</summary>
/// <param name="Nodes">How many.</param>
/// <param name="Slots">How many executors they offer together.</param>
internal sealed record NodesReport(int Nodes, int Slots);
