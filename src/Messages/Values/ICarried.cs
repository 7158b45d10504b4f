namespace Actors.Messages.Values;

/// <summary>
/// A class that says itself how it travels, as the proxies of managed objects do: they travel as their object's id. It works wherever a
/// value does: argument, result, captured variable, field of a user class, item of a list. Implement it explicitly, so that the public
/// type shows nothing of it:
/// <code>
/// void ICarried&lt;ManagedLock&gt;.Write(ref ValueWriter writer) => _proxy.Write(ref writer);
/// static ManagedLock ICarried&lt;ManagedLock&gt;.Read(ref ValueReader reader) => new(ObjectProxy.Read(ref reader));
/// </code>
/// </summary>
/// <typeparam name="TSelf">The class itself. Its derived classes are refused.</typeparam>
internal interface ICarried<TSelf>
    where TSelf : class, ICarried<TSelf>
{
    /// <summary>Writes what <see cref="ReadFrom"/> needs.</summary>
    void WriteTo(ref ValueWriter writer);

    /// <summary>Makes the instance that arrives.</summary>
    static abstract TSelf ReadFrom(ref ValueReader reader);
}
