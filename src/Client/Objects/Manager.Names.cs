using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Objects;
using Actors.Runtime;

namespace Actors;

public sealed partial class Manager
{
    private static readonly TimeSpan NameTimeout = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Gives a managed object a name, under which any program that reaches the same coordinator, or another of its cluster, finds it with <see cref="FindAsync{T}"/>, as the
    /// callables that Python's <c>BaseManager.register</c> names. An object with a name outlives its manager and its maker's process, until
    /// <see cref="UnpublishAsync"/>.
    /// </summary>
    /// <typeparam name="T">The proxy's type, such as <see cref="ManagedQueue{T}"/>.</typeparam>
    /// <param name="name">The name; up to 1,024 characters.</param>
    /// <param name="managed">The object.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">It is not a managed object, or the name is empty or too long.</exception>
    /// <exception cref="InvalidOperationException">Another object has the name.</exception>
    /// <exception cref="ManagedObjectGoneException">The object is not there any more.</exception>
    public async Task PublishAsync<T>(string name, T managed, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(managed);
        var proxy = ValueSerializer.ToBytes(managed, out var kept);
        if (kept is null)
            throw new ArgumentException($"{TypeNames.Of(typeof(T))} is not a managed object; only those can have a name.", nameof(managed));
        ImmutableArray<ObjectId> objects = [.. kept.OfType<ObjectProxy>().Select(part => part.Id)];
        var publish = new ObjectProtocol.Publish(Checked(name), objects, PublishedType.Of(typeof(T)), proxy);
        var (named, _) = await AskAsync(publish, cancellationToken).ConfigureAwait(false);
        if (named.Proxy.IsEmpty)
            throw new ManagedObjectGoneException("The managed object is not there any more, and cannot be given a name.");
        if (!named.Proxy.Span.SequenceEqual(proxy.Span))
            throw new InvalidOperationException($"The name '{name}' is that of another {PublishedType.NameIn(named.Type)}: choose another, or give it up first with {nameof(UnpublishAsync)}.");
    }

    /// <summary>Finds the object that has the name.</summary>
    /// <typeparam name="T">The proxy's type, as it was published.</typeparam>
    /// <exception cref="KeyNotFoundException">Nothing has the name.</exception>
    /// <exception cref="InvalidCastException">What has the name is of another type, or of a type of the same name that has other fields.</exception>
    public async Task<T> FindAsync<T>(string name, CancellationToken cancellationToken = default)
        where T : class =>
        await TryFindAsync<T>(name, cancellationToken).ConfigureAwait(false)
        ?? throw new KeyNotFoundException($"No managed object has the name '{name}'. Give one a name with {nameof(PublishAsync)}.");

    /// <summary>Finds the object that has the name, or null when nothing has.</summary>
    /// <inheritdoc cref="FindAsync{T}"/>
    public async Task<T?> TryFindAsync<T>(string name, CancellationToken cancellationToken = default)
        where T : class
    {
        var (named, runtime) = await AskAsync(new ObjectProtocol.Find(Checked(name)), cancellationToken).ConfigureAwait(false);
        if (named.Proxy.IsEmpty)
            return null;
        PublishedType.Require(named.Type, typeof(T), name);
        return ObjectProxy.Decode<T>(named.Proxy, runtime.Objects);
    }

    /// <summary>Gives the name up: its object then lives as long as somebody has a proxy of it. Nothing when nothing has the name.</summary>
    public Task UnpublishAsync(string name, CancellationToken cancellationToken = default) =>
        AskAsync(new ObjectProtocol.Publish(Checked(name), [], "", default), cancellationToken);

    private static string Checked(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return name.Length <= ObjectProtocol.LongestName
            ? name
            : throw new ArgumentException($"A name may have {ObjectProtocol.LongestName} characters; this has {name.Length}.", nameof(name));
    }

    private async Task<(ObjectProtocol.Named Named, IClientRuntime Runtime)> AskAsync(object message, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return await _connection.AskAsync<ObjectProtocol.Named>(message, NameTimeout, cancellationToken).ConfigureAwait(false);
    }
}
