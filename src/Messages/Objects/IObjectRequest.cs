namespace Actors.Messages.Objects;

/// <summary>
/// A request of one operation on a managed object. It is sent as an <see cref="ObjectCall"/>, which nodes, relays and journals handle
/// without knowing the operation. The bytes must not change, because programs of other versions and stored records have them.
/// </summary>
/// <typeparam name="TSelf">The request itself.</typeparam>
public interface IObjectRequest<TSelf>
    where TSelf : struct, IObjectRequest<TSelf>
{
    /// <summary>The operation.</summary>
    static abstract ObjectOperation Operation { get; }

    /// <summary>Writes the request. The default is that of a request without arguments.</summary>
    static virtual CallContent ToContent(TSelf request) => new(0);

    /// <summary>Reads the request of a call, from any process.</summary>
    /// <returns>The request; null for a malformed call, which is answered by <see cref="ObjectStatus.NotSupported"/>.</returns>
    static virtual TSelf? FromCall(ObjectCall call) => default(TSelf);
}

/// <summary>A request with the type of its reply.</summary>
/// <typeparam name="TSelf">The request itself.</typeparam>
/// <typeparam name="TReply">The reply; <see cref="StatusReply"/> for a status without data.</typeparam>
public interface IObjectRequest<TSelf, TReply> : IObjectRequest<TSelf>
    where TSelf : struct, IObjectRequest<TSelf, TReply>
    where TReply : struct, IObjectReply<TReply>;
