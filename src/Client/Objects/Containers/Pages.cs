using System.Buffers.Binary;
using System.Collections.Immutable;
using Actors.Messages.Objects;

namespace Actors.Objects.Containers;

/// <summary>Reads all of a container of one version, however many messages that takes.</summary>
internal static class Pages
{
    /// <summary>What the container held at one moment.</summary>
    /// <param name="Version">Its version then.</param>
    /// <param name="Parts">The encoded items; of a dictionary, keys and values by turns.</param>
    internal readonly record struct Snapshot(long Version, List<ReadOnlyMemory<byte>> Parts);

    /// <param name="proxy">The container.</param>
    /// <param name="operation">Its operation that gives a page.</param>
    /// <param name="partsEach">How many payloads an item is.</param>
    public static Snapshot Read(ObjectProxy proxy, ObjectOperation operation, int partsEach)
    {
        var reading = new Reading(operation, partsEach);
        while (!reading.IsDone)
            reading.Take(proxy.Call(operation, null, reading.Start, reading.Version, default));
        return reading.Snapshot;
    }

    /// <inheritdoc cref="Read"/>
    public static async Task<Snapshot> ReadAsync(ObjectProxy proxy, ObjectOperation operation, int partsEach, CancellationToken cancellationToken)
    {
        var reading = new Reading(operation, partsEach);
        while (!reading.IsDone)
            reading.Take(await proxy.CallAsync(operation, null, reading.Start, reading.Version, cancellationToken).ConfigureAwait(false));
        return reading.Snapshot;
    }

    private sealed class Reading(ObjectOperation operation, int partsEach)
    {
        private readonly List<ReadOnlyMemory<byte>> _parts = [];
        private long _version;

        public bool IsDone { get; private set; }

        public long Start => _parts.Count / partsEach;

        public ImmutableArray<ReadOnlyMemory<byte>> Version => _parts.Count == 0 ? [] : [BitConverter.GetBytes(_version)];

        public Snapshot Snapshot => new(_version, _parts);

        /// <summary>A change between two pages begins the reading anew.</summary>
        public void Take(ObjectReply reply)
        {
            if (reply.Status == ObjectStatus.Conflict)
            {
                _parts.Clear();
                return;
            }

            if (reply.Payloads.IsEmpty || reply.Payloads[0].Length != sizeof(int))
                throw new InvalidDataException($"The answer to {operation} is malformed.");
            _version = reply.Number;
            _parts.AddRange(reply.Payloads.AsSpan()[1..]);
            IsDone = Start >= BinaryPrimitives.ReadInt32LittleEndian(reply.Payloads[0].Span);
        }
    }
}
