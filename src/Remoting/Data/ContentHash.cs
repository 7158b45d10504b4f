using System.IO.Hashing;
using System.Security.Cryptography;

namespace Actors.Remoting.Data;

/// <summary>
/// The hash of a content, computed while its bytes are transferred. Code is found by its hash and needs SHA-256, because a file with the
/// hash of another would replace it. A payload is found by its random id; its hash only shows accidental changes of bytes that an
/// authenticated sender sent, so XXH128 suffices, which takes a tenth of the time.
/// </summary>
/// <param name="kind">The kind of content.</param>
public sealed class ContentHash(DataKind kind) : IDisposable
{
    private readonly IncrementalHash? _code = kind == DataKind.Code ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
    private readonly XxHash128 _payload = new();

    /// <summary>Computes the hash of a whole payload.</summary>
    public static byte[] HashPayload(ReadOnlySpan<byte> content) => XxHash128.Hash(content);

    /// <summary>Adds the next bytes of the content.</summary>
    public void AppendBytes(ReadOnlySpan<byte> bytes)
    {
        if (_code is null)
            _payload.Append(bytes);
        else
            _code.AppendData(bytes);
    }

    /// <summary>Gets the hash of the added bytes: 32 bytes for code, 16 for a payload.</summary>
    public byte[] GetHash() => _code?.GetCurrentHash() ?? _payload.GetCurrentHash();

    /// <inheritdoc/>
    public void Dispose() => _code?.Dispose();
}
