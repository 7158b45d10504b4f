using Akka.Configuration;

namespace Actors;

/// <summary>
/// Where durable pools keep what they have accepted: <c>SqliteStore</c> or <c>PostgresStore</c>, of the package <c>Actors.Durability</c>. Immutable; says
/// nothing of a password.
/// </summary>
public abstract class DurableStore
{
    internal DurableStore()
    {
    }

    /// <summary>For people, and to tell stores apart: two of the same name are the same.</summary>
    public abstract override string ToString();

    /// <summary>The settings of the two plugins that write there, <c>journal</c> and <c>snapshots</c>, below a path.</summary>
    internal abstract Config CreatePluginSettings(string path);

    /// <summary>Makes what is missing, and looks whether it can be written to and relied on.</summary>
    /// <exception cref="DurableStoreException">It cannot.</exception>
    internal abstract void PrepareStore();
}

/// <summary>The store cannot be used: it is not there, full, cannot be relied on, or of a later version. Nothing that was accepted is lost by it.</summary>
public sealed class DurableStoreException(string message, Exception? inner = null) : Exception(message, inner);
