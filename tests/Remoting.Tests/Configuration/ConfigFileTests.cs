using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Configuration.Hocon;
using Akka.Persistence.Sql;
using AkkaConfig = Akka.Configuration.Config;

namespace Actors.Remoting.Tests.Configuration;

public class ConfigFileTests
{
    /// <summary>Settings with names that this library chooses. The framework accepts any name below them.</summary>
    private static readonly string[] Open =
    [
        "akka.actor.serializers.", "akka.actor.serialization-bindings.", "akka.actor.serialization-identifiers.",
        "akka.actor.inline-dispatcher.",
        "akka.actor.remoting-dispatcher.", "akka.remote.adapters.", "actors.link.", "actors.data.", "actors.client-limits.",
        "actors.durable-limits.",
    ];

    private static readonly string[] Tables = ["serializers {", "serialization-bindings {", "serialization-identifiers {"];

    private static readonly AkkaConfig Reference = ConfigurationFactory.Default()
        .WithFallback(Embedded("Akka.Remote.RemoteActorRefProvider, Akka.Remote"))
        .WithFallback(Embedded("Akka.Cluster.ClusterActorRefProvider, Akka.Cluster"))
        .WithFallback(ClusterSharding.DefaultConfig())
        .WithFallback(Akka.DistributedData.DistributedData.DefaultConfig())
        .WithFallback(ClusterSingleton.DefaultConfig());

    /// <summary>The settings that a plugin of Akka.Persistence knows.</summary>
    private static readonly AkkaConfig Plugin = SqlPersistence.DefaultJournalConfiguration
        .WithFallback(Embedded("Akka.Persistence.Persistence, Akka.Persistence").GetConfig("akka.persistence.journal-plugin-fallback"));

    public static TheoryData<string> Files => [.. Names.Except(["postgresql.conf", "sql.conf", "sqlite.conf", "store.conf"])];

    public static TheoryData<string> StoreFiles => ["postgresql.conf", "sql.conf", "sqlite.conf", "store.conf"];

    private static IEnumerable<string> Names =>
        typeof(RoleConfiguration).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".conf", StringComparison.Ordinal))
            .Order();

    [Fact]
    public void ConfigFiles_InTheRepository_AreThoseOfTheRoles() =>
        Assert.Equal(["client.conf", "common.conf", "coordinator.conf", "local.conf", "postgresql.conf", "sql.conf", "sqlite.conf",
            "store.conf", "worker-node.conf"], Names);

    [Theory]
    [MemberData(nameof(Files))]
    public void ConfigKey_OfARole_IsKnownToTheFramework(string file) => EveryKeyIsKnown(file, Reference);

    [Theory]
    [MemberData(nameof(StoreFiles))]
    public void ConfigKey_OfAStore_IsKnownToItsPlugin(string file) => EveryKeyIsKnown(file, Plugin);

    /// <summary>Requires a comment directly above each key. A table of names has one comment for all of its keys.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    [MemberData(nameof(StoreFiles))]
    public void ConfigKey_InEachFile_HasAComment(string file)
    {
        var (above, isInTable, keys) = ("", false, 0);
        foreach (var line in Lines(file).Select(line => line.Trim()))
        {
            var beginsTable = Tables.Contains(line);
            if (beginsTable || (!isInTable && !line.StartsWith('#') && line.Contains('=', StringComparison.Ordinal)))
            {
                Assert.True(above.StartsWith('#'), $"{file}: nothing explains '{line}'.");
                keys++;
            }

            (above, isInTable) = (line, beginsTable || (isInTable && line != "}"));
        }

        Assert.NotEqual(0, keys);
    }

    private static void EveryKeyIsKnown(string file, AkkaConfig reference)
    {
        var known = Leaves(reference.Root.GetObject(), "").ToHashSet();
        var unknown = Leaves(RoleConfiguration.ReadFile(file).Root.GetObject(), "")
            .Where(key => !known.Contains(key) && !Open.Any(start => key.StartsWith(start, StringComparison.Ordinal)));
        Assert.Empty(unknown);
    }

    private static IEnumerable<string> Lines(string file)
    {
        using var reader = new StreamReader(typeof(RoleConfiguration).Assembly.GetManifestResourceStream(file)!);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    private static AkkaConfig Embedded(string typeName)
    {
        var assembly = Type.GetType(typeName, throwOnError: true)!.Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.EndsWith(".conf", StringComparison.Ordinal))
            .Select(name => ConfigurationFactory.FromResource(name, assembly)).Aggregate((first, second) => first.WithFallback(second));
    }

    private static IEnumerable<string> Leaves(HoconObject block, string path) => block.Items.SelectMany(item =>
        item.Value.IsObject() && item.Value.GetObject().Items.Count > 0
            ? Leaves(item.Value.GetObject(), $"{path}{item.Key}.")
            : [path + item.Key]);
}
