using Actors.Faults.Tests.Primitives;

namespace Actors.Faults.Tests.Programs;

/// <summary>The programs of a <see cref="FaultCluster"/>, and the machine parts that tests break.</summary>
internal sealed record ClusterPlan
{
    /// <summary>Gets the number of coordinators.</summary>
    public int Coordinators { get; init; } = 3;

    /// <summary>Gets the number of worker nodes.</summary>
    public int Nodes { get; init; } = 2;

    /// <summary>Gets the number of workers of each node.</summary>
    public int WorkersPerNode { get; init; } = 1;

    /// <summary>Gets the directory of the SQLite store; null for one in the cluster's own directory.</summary>
    public string? StoreDirectory { get; init; }

    /// <summary>Gets the file with the connection string of a PostgreSQL store, which replaces SQLite; null for none.</summary>
    public string? PostgresFile { get; init; }

    /// <summary>Gets the directory for the code that the first node downloads; null for one in the cluster's own directory.</summary>
    public string? FirstNodeCache { get; init; }

    /// <summary>Gets environment variables of all coordinators.</summary>
    public IReadOnlyDictionary<string, string> CoordinatorEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets environment variables of the first node.</summary>
    public IReadOnlyDictionary<string, string> FirstNodeEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets environment variables of all nodes.</summary>
    public IReadOnlyDictionary<string, string> NodeEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the command that starts the first node; empty to start it directly.</summary>
    public IReadOnlyList<string> FirstNodePrefix { get; init; } = [];

    /// <summary>Gets the network, with a machine for each program: first the coordinators, then the nodes. Null for loopback.</summary>
    public FaultNetwork? Network { get; init; }
}
