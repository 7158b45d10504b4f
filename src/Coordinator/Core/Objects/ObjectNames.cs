using Actors.Coordinator.Clients;
using Actors.Messages;
using Actors.Messages.Collections;
using Actors.Messages.Objects;

namespace Actors.Coordinator.Objects;

/// <summary>The names of the managed objects of a coordinator. A name can stand for several objects, and ends with any of them.</summary>
public sealed class ObjectNames
{
    /// <summary>The bytes of the entries of a name, approximately.</summary>
    private const int EntrySize = 512;

    private readonly Dictionary<string, (ObjectProtocol.PublishObject Publication, ClientCharge Charge)> _names = [];
    private readonly MultiMap<ObjectId, string> _namesOfObjects = new();

    /// <summary>Measures the memory of a name.</summary>
    public static long Measure(ObjectProtocol.PublishObject publication) =>
        EntrySize + ObjectProtocol.MeasurePublication(publication) + (EntrySize * publication.Objects.Length);

    /// <summary>Finds the publication of a name. Null if the name is free.</summary>
    public ObjectProtocol.PublishObject? Find(string name) => _names.TryGetValue(name, out var known) ? known.Publication : null;

    /// <summary>Gets the names of an object.</summary>
    public IReadOnlyCollection<string> GetNames(ObjectId id) => _namesOfObjects[id];

    /// <summary>Adds a name that is free.</summary>
    /// <param name="publication">The name and its objects.</param>
    /// <param name="charge">The charge of its memory to a client, which ends with the name.</param>
    public void Add(ObjectProtocol.PublishObject publication, ClientCharge charge)
    {
        _names.Add(publication.Name, (publication, charge));
        foreach (var id in publication.Objects)
            _namesOfObjects.Add(id, publication.Name);
    }

    /// <summary>Removes a name.</summary>
    /// <returns>The publication; null if the name was free.</returns>
    public ObjectProtocol.PublishObject? Remove(string name)
    {
        if (!_names.Remove(name, out var removed))
            return null;
        removed.Charge.Dispose();
        foreach (var id in removed.Publication.Objects)
            _namesOfObjects.Remove(id, name);
        return removed.Publication;
    }
}
