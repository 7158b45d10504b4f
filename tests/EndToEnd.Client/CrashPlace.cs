using Actors;

namespace Actors.EndToEnd.Client;

/// <summary>The durable pool and queue of a program that crashes: in a store of this machine, or on a cluster.</summary>
/// <param name="place">The path of the store, or the addresses of the coordinators.</param>
/// <param name="name">The name of the pool and the queue.</param>
internal sealed class CrashPlace(string place, string name)
{
    private string? Connect => place.StartsWith('/') ? null : place;

    private SqliteStore? Store => Connect is null ? new SqliteStore(place) : null;

    public DurableJobs Jobs => new(name, Connect, Store);

    public Task<ProcessPool> OpenAsync(ResultAcknowledgment acknowledgment) => ProcessPool.StartAsync(1, Connect, new PoolOptions
    {
        DurableName = name,
        Store = Store,
        Acknowledgment = acknowledgment,
    });

    public Task CloseAsync() => ProcessPool.CloseAsync(name, Connect, Store);

    public Task<Manager> StartManagerAsync() => Manager.StartAsync(Connect);

    public Task<ManagedQueue<int>> OpenQueueAsync(Manager manager) =>
        manager.OpenQueueAsync<int>(name, new DurableQueueOptions { Store = Store });
}
