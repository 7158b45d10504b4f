using System.Buffers.Binary;
using System.Collections.Immutable;
using Actors.Messages.Objects;

namespace Actors.Objects.Containers;

/// <summary>Reads a consistent snapshot of a container in pages, with as many messages as needed.</summary>
internal static class ContainerPages
{
    /// <summary>A snapshot of a container.</summary>
    /// <param name="Version">The version of the container.</param>
    /// <param name="Parts">The encoded items; for a dictionary, alternating keys and values.</param>
    internal readonly record struct ContainerSnapshot(long Version, List<ReadOnlyMemory<byte>> Parts);

    /// <param name="proxy">The container.</param>
    /// <param name="operation">The operation that returns a page.</param>
    /// <param name="partsEach">The number of payloads of an item.</param>
    public static ContainerSnapshot ReadAll(ObjectProxy proxy, ObjectOperation operation, int partsEach)
    {
        var reading = new Reading(operation, partsEach);
        while (!reading.IsDone)
            reading.AddPage(proxy.Call(operation, null, reading.Start, reading.Version, default));
        return reading.ContainerSnapshot;
    }

    /// <inheritdoc cref="ReadAll"/>
    public static async Task<ContainerSnapshot> ReadAllAsync(
        ObjectProxy proxy, ObjectOperation operation, int partsEach, CancellationToken cancellationToken)
    {
        var reading = new Reading(operation, partsEach);
        while (!reading.IsDone)
        {
            reading.AddPage(
                await proxy.CallAsync(operation, null, reading.Start, reading.Version, cancellationToken).ConfigureAwait(false));
        }

        return reading.ContainerSnapshot;
    }

    private sealed class Reading(ObjectOperation operation, int partsEach)
    {
        private readonly List<ReadOnlyMemory<byte>> _parts = [];
        private long _version;

        public bool IsDone { get; private set; }

        public long Start => _parts.Count / partsEach;

        public ImmutableArray<ReadOnlyMemory<byte>> Version => _parts.Count == 0 ? [] : [BitConverter.GetBytes(_version)];

        public ContainerSnapshot ContainerSnapshot => new(_version, _parts);

        /// <summary>Adds a page. A change of the container between two pages restarts the reading.</summary>
        public void AddPage(ObjectReply reply)
        {
            if (reply.Status == ObjectStatus.Conflict)
            {
                _parts.Clear();
                return;
            }

            if (reply.Payloads.IsEmpty || reply.Payloads[0].Length != sizeof(int))
                throw new InvalidDataException($"The reply to {operation} is malformed: the coordinator has an incompatible version.");
            _version = reply.Number;
            _parts.AddRange(reply.Payloads.AsSpan()[1..]);
            IsDone = Start >= BinaryPrimitives.ReadInt32LittleEndian(reply.Payloads[0].Span);
        }
    }
}
