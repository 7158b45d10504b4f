namespace Actors.Messages.Values;

/// <summary>
/// Implemented by a class that writes and reads itself, such as the proxies of managed objects, which travel as the id of their object.
/// Instances can be arguments, results, captured variables, fields of user types and items of collections. Implement the interface
/// explicitly, to keep it out of the public type:
/// <code>
/// void ICarried&lt;ManagedLock&gt;.Write(ref ValueWriter writer) => _proxy.Write(ref writer);
/// static ManagedLock ICarried&lt;ManagedLock&gt;.Read(ref ValueReader reader) => new(ObjectProxy.Read(ref reader));
/// </code>
/// </summary>
/// <typeparam name="TSelf">The class itself. Its derived classes are refused.</typeparam>
public interface ICarried<TSelf>
    where TSelf : class, ICarried<TSelf>
{
    /// <summary>Writes the data that <see cref="ReadFrom"/> reads.</summary>
    void WriteTo(ref ValueWriter writer);

    /// <summary>Creates the instance at the receiver.</summary>
    static abstract TSelf ReadFrom(ref ValueReader reader);
}
