namespace Actors.Testing;

/// <summary>Opens many connections for tests of limits.</summary>
public static class ManyConnections
{
    /// <summary>Opens connections one after another, as fast as the peer accepts them.</summary>
    public static async Task<List<T>> OpenAsync<T>(int count, Func<Task<T>> open)
    {
        var connections = new List<T>();
        while (connections.Count < count)
            connections.Add(await open());
        return connections;
    }
}
