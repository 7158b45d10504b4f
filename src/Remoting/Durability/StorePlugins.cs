using Akka.Configuration;

namespace Actors.Remoting.Durability;

/// <summary>Prepares stores, and creates the settings of their plugins in an actor system.</summary>
public static class StorePlugins
{
    /// <summary>
    /// The setting for the class of the journal in programs that permit chaos, which can be slow and fail. Chaos does not affect a journal
    /// without it.
    /// </summary>
    public const string FaultyClassKey = "faulty-class";

    private const string ClassKey = "class";

    /// <summary>Prepares a store. Code of a user may throw exceptions of any type.</summary>
    /// <exception cref="DurableStoreException">The store cannot be used.</exception>
    public static void PrepareStore(DurableStore store)
    {
        try
        {
            store.PrepareStore();
        }
        catch (Exception exception) when (exception is not (DurableStoreException or OutOfMemoryException))
        {
            throw new DurableStoreException($"{store} cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>Creates the settings of the plugins <c>journal</c> and <c>snapshots</c>, below a path.</summary>
    /// <param name="store">The store.</param>
    /// <param name="path">The path in the configuration of the actor system.</param>
    /// <param name="permitsFaults">Whether the program permits chaos.</param>
    /// <exception cref="DurableStoreException">The settings of the store cannot be used.</exception>
    public static Config CreateSettings(DurableStore store, string path, bool permitsFaults)
    {
        var (journal, snapshots) = (store.CreateJournalSettings(), store.CreateSnapshotSettings());
        CheckPlugin(store, "snapshot", snapshots);
        var faulty = CheckPlugin(store, "journal", journal).GetString(FaultyClassKey);
        var replaced = permitsFaults && faulty is not null ? $"{ClassKey} = \"{faulty}\"" : "";
        var common = RoleConfiguration.ReadText("store.conf");
        // A later key overrides an earlier one.
        return ConfigurationFactory.ParseString($$"""
            {{path}} {
              journal {
                {{journal}}
                {{replaced}}
                {{common}}
                plugin-id = "{{path}}.journal"
              }
              snapshots {
                {{snapshots}}
                {{common}}
                plugin-id = "{{path}}.snapshots"
              }
            }
            """);
    }

    /// <summary>Whether a write failed because another program has written a record of the same number.</summary>
    public static bool IsDuplicateRecord(DurableStore store, Exception reason) => store.IsDuplicateRecord(reason);

    /// <summary>Checks that the settings of a plugin name a class that can be loaded.</summary>
    private static Config CheckPlugin(DurableStore store, string plugin, string text)
    {
        var settings = ParseSettings(store, plugin, text);
        var type = settings.GetString(ClassKey) ?? throw new DurableStoreException(
            $"The {plugin} settings of {store} have no class. Add class = \"Namespace.Type, Assembly\", the {plugin} plugin of "
            + "Akka.Persistence.");
#pragma warning disable RS0030 // The name is that of the program's own store, and the actor system makes the type of it.
        var isLoaded = Type.GetType(type) is not null;
#pragma warning restore RS0030
        return isLoaded
            ? settings
            : throw new DurableStoreException(
                $"The class {type} in the {plugin} settings of {store} cannot be loaded. Write class = \"Namespace.Type, Assembly\", and "
                + "add the package of the plugin to the project of the store.");
    }

    private static Config ParseSettings(DurableStore store, string plugin, string text)
    {
        try
        {
            return ConfigurationFactory.ParseString(text);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The parser throws exceptions of many types, and their messages may contain a password.
            throw new DurableStoreException(
                $"The {plugin} settings of {store} are not HOCON. Quote texts with special characters, such as connection strings.");
        }
    }
}
