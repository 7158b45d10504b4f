using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Values;
using Actors.Objects;

namespace Actors;

public sealed partial class Manager
{
    private static readonly TimeSpan NameTimeout = ProtocolTimes.NamePatience;

    /// <summary>
    /// Publishes a managed object under a name, as the callables of Python's <c>BaseManager.register</c>. Any program connected to the same
    /// coordinator or cluster finds it with <see cref="FindAsync{T}"/>. A published object outlives its manager and the creating process,
    /// until <see cref="UnpublishAsync"/>.
    /// </summary>
    /// <typeparam name="T">The proxy's type, such as <see cref="ManagedQueue{T}"/>.</typeparam>
    /// <param name="name">The name; up to 1,024 characters.</param>
    /// <param name="managed">The object.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">
    /// The object is not a managed object, or contains proxies of more than 64 KiB, or the name is empty or too long.
    /// </exception>
    /// <exception cref="ClientLimitException">The names and values of this program use as much memory as one client may.</exception>
    /// <exception cref="InvalidOperationException">The name is in use.</exception>
    /// <exception cref="ManagedObjectGoneException">The object was removed.</exception>
    public async Task PublishAsync<T>(string name, T managed, CancellationToken cancellationToken = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(managed);
        var proxy = ValueSerializer.ToBytes(managed, out var references);
        if (references is null)
        {
            throw new ArgumentException(
                $"{TypeNames.GetFullName(typeof(T))} is not a managed object and cannot be published. Publish a proxy such as "
                + "ManagedQueue.", nameof(managed));
        }

        ImmutableArray<ObjectId> objects = [.. references.OfType<ObjectProxy>().Select(part => part.Id)];
        var publish = new ObjectProtocol.PublishObject(RequireName(name), objects, PublishedType.ToPublishedName(typeof(T)), proxy);
        if (ObjectProtocol.MeasurePublication(publish) > ObjectProtocol.LargestPublication)
        {
            throw new ArgumentException(
                $"{TypeNames.GetFullName(typeof(T))} is too large for '{name}': a published object can have "
                + $"{ObjectProtocol.LargestPublication:N0} bytes. Publish a ManagedList of the proxies.",
                nameof(managed));
        }

        var (named, _) = await SendRequestAsync(publish, cancellationToken).ConfigureAwait(false);
        if (named.Refusal is { } refusal)
            throw new ClientLimitException(refusal);
        if (named.Proxy.IsEmpty)
            throw new ManagedObjectGoneException($"Cannot publish '{name}': the managed object was removed. Create it again.");
        if (!named.Proxy.Span.SequenceEqual(proxy.Span))
        {
            throw new InvalidOperationException(
                $"The name '{name}' is in use by another {PublishedType.GetTypeName(named.Type)}: choose another name, or call "
                + $"{nameof(UnpublishAsync)} first.");
        }
    }

    /// <summary>Finds a published object.</summary>
    /// <typeparam name="T">The type of the proxy, as published.</typeparam>
    /// <exception cref="KeyNotFoundException">No object has the name.</exception>
    /// <exception cref="InvalidCastException">
    /// The published object has another type, or a type of the same name with other fields.
    /// </exception>
    public async Task<T> FindAsync<T>(string name, CancellationToken cancellationToken = default)
        where T : class =>
        await TryFindAsync<T>(name, cancellationToken).ConfigureAwait(false)
        ?? throw new KeyNotFoundException($"No managed object has the name '{name}': publish one with {nameof(PublishAsync)} first.");

    /// <summary>Finds a published object; returns null when no object has the name.</summary>
    /// <inheritdoc cref="FindAsync{T}"/>
    public async Task<T?> TryFindAsync<T>(string name, CancellationToken cancellationToken = default)
        where T : class
    {
        var (named, objects) = await SendRequestAsync(
            new ObjectProtocol.FindNamedObject(RequireName(name)), cancellationToken).ConfigureAwait(false);
        if (named.Proxy.IsEmpty)
            return null;
        PublishedType.RequireType(named.Type, typeof(T), name);
        return ObjectProxy.DecodeValue<T>(named.Proxy, objects);
    }

    /// <summary>Removes a name; its object then lives as long as a proxy of it exists. Does nothing when no object has the name.</summary>
    public Task UnpublishAsync(string name, CancellationToken cancellationToken = default) =>
        SendRequestAsync(new ObjectProtocol.PublishObject(RequireName(name), [], "", default), cancellationToken);

    private static string RequireName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return name.Length <= ObjectProtocol.LongestName
            ? name
            : throw new ArgumentException(
                $"The name has {name.Length} characters; at most {ObjectProtocol.LongestName} are allowed. Shorten it.", nameof(name));
    }

    private async Task<(ObjectProtocol.NamedObjectReply Named, IObjectChannel Objects)> SendRequestAsync(
        object message, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return await _connection.SendRequestAsync<ObjectProtocol.NamedObjectReply>(message, NameTimeout,
            cancellationToken).ConfigureAwait(false);
    }
}
