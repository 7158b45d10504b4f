namespace Actors.Coordinator.Payloads;

/// <summary>The limits of the store for large arguments and results.</summary>
/// <param name="Space">The bytes of all clients together.</param>
/// <param name="ClientSpace">The bytes of one client: the arguments that it uploads and the results of its jobs.</param>
/// <param name="ClientUploads">The number of payloads that one client uploads at once.</param>
public sealed record PayloadLimits(long Space, long ClientSpace, int ClientUploads)
{
    /// <summary>The default of <c>--payload-space</c>.</summary>
    public const int DefaultGibibytes = 32;

    /// <summary>The default of <c>--client-uploads</c>. A pool uploads two payloads at a time.</summary>
    public const int DefaultUploads = 128;

    /// <summary>The most payloads of all clients together. Each takes some hundred bytes of memory.</summary>
    public const int MaxPayloads = 100_000;

    /// <summary>The most payloads of one client.</summary>
    public const int MaxPayloadsOfClient = MaxPayloads / 4;

    /// <summary>An upload expires when nothing arrives for this time. A sender gives up earlier.</summary>
    public static readonly TimeSpan UploadTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Creates limits with the default of <c>--client-payload-space</c>: one client takes half of the space at most.</summary>
    public static PayloadLimits FromSpace(long space) => new(space, space / 2, DefaultUploads);
}
