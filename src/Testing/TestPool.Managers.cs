namespace Actors.Testing;

/// <content>Managers.</content>
public sealed partial class TestPool
{
    /// <summary>
    /// Creates a manager whose objects the jobs of this pool can use. With real workers it is one as
    /// <see cref="Manager.Start(string?, TimeSpan?, CancellationToken)"/> starts it. Otherwise the objects are in memory, decided by the
    /// code of real ones: the death of a worker releases its locks and returns its items. Dispose the manager after the pool.
    /// </summary>
    /// <remarks>
    /// In memory there are no durable objects, shared arrays or objects of user types. In a manual pool, a job that waits for an object
    /// blocks <see cref="DrainAsync(CancellationToken)"/>, because no other job can run meanwhile.
    /// </remarks>
    public Manager CreateManager() => this switch
    {
        { _simulated: { } session } => CreateManager(session.Objects, session.Objects.Client),
        { _cluster: { } cluster } => CreateManager(cluster, cluster.ClientObjects),
        { Mode: TestPoolMode.Processes } => Manager.Start(),
        _ => throw new InvalidOperationException(
            $"The pool belongs to a world. Use {nameof(SimulatedWorld)}.{nameof(SimulatedWorld.CreateManager)}."),
    };

    internal static Manager CreateManager(IObjectTransport transport, SimulatedObjectChannel client) =>
        new(new MemoryManagerConnection(transport, client), coordinator: null);
}
