using System.Collections.Immutable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Messages.Objects.Kinds;

namespace Actors.Coordinator.Objects.Kinds;

/// <summary>Reads some items of a container that may be larger than one message.</summary>
public static class ContainerPage
{
    /// <summary>The most payloads of a page. The items may be empty, but each payload takes memory until the page is sent.</summary>
    public const int MaxParts = 100_000;

    /// <summary>
    /// Reads the items from the requested one on, as many as fit into one message. The version must be the requested one.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="version">The version of the container.</param>
    /// <param name="count">The number of items in the container.</param>
    /// <param name="items">The items, each of one or more payloads.</param>
    public static PageReply ReadPage<TRequest>(TRequest request, long version, int count, IEnumerable<ReadOnlyMemory<byte>[]> items)
        where TRequest : struct, IPageRequest<TRequest>
    {
        if (request.Version is { } expected && expected != version)
            return new PageReply(version, 0, [], ObjectStatus.Conflict);
        var page = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        var size = 0L;
        foreach (var item in items.Skip((int)Math.Clamp(request.Start, 0, int.MaxValue)))
        {
            size += item.Sum(part => (long)part.Length + sizeof(int));
            // A single item always fits, because it arrived in one message.
            if ((size > WireLimits.LargestBatch && page.Count > 0) || page.Count + item.Length > MaxParts)
                break;
            page.AddRange(item);
        }

        return new PageReply(version, count, page.ToImmutable());
    }
}
