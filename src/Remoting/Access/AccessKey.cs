using System.Security.Cryptography;
using System.Text;

namespace Actors.Remoting.Access;

/// <summary>
/// The secret that a coordinator shares with its clients and nodes. It keeps out who does not have it; it does not hide what travels. Its text says
/// nothing of it.
/// </summary>
internal sealed class AccessKey
{
    /// <summary>Environment variable: the file with the key of this process, as <c>--key-file</c>.</summary>
    public const string FileVariable = "ACTORS_KEY_FILE";

    private const int MaxFileLength = 64 * 1024;

    private readonly byte[] _key;

    private AccessKey(ReadOnlySpan<byte> key, bool isUsers = false) => (_key, IsUserKey) = (SHA256.HashData(key), isUsers);

    /// <summary>Whether it is the key that the programs of one user share, not one that was configured.</summary>
    public bool IsUserKey { get; }

    /// <summary>The key of these bytes; null for none.</summary>
    public static AccessKey? FromBytes(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? null : new AccessKey(bytes.Span);

    /// <summary>The key that the programs of one user share.</summary>
    public static AccessKey FromUserKey(ReadOnlySpan<byte> bytes) => new(bytes, isUsers: true);

    /// <summary>A key that only those have who have both.</summary>
    public static AccessKey CombineKeys(AccessKey one, AccessKey other) => new([.. "both"u8, .. one._key, .. other._key]);

    /// <summary>The key in a file, without white space around it; null where no file is named.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be read, is empty or too long.</exception>
    public static AccessKey? ReadFile(string? path)
    {
        path ??= Environment.GetEnvironmentVariable(FileVariable);
        if (string.IsNullOrEmpty(path))
            return null;
        try
        {
            var file = new FileInfo(path);
            var text = file.Length <= MaxFileLength ? File.ReadAllText(path).Trim() : "";
            return text.Length > 0
                ? new AccessKey(Encoding.UTF8.GetBytes(text))
                : throw new InvalidOperationException($"The key file {path} is empty or longer than {MaxFileLength} bytes.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The key file {path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>A name that only who has the key can know.</summary>
    /// <param name="plain">As it is where there is no key.</param>
    public string DeriveName(string plain) => $"{plain}-{Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"name {plain}")))}";

    /// <summary>Whether this is the key's text; takes the same time for any text of a length.</summary>
    public bool MatchesText(string text) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(text)), _key);

    /// <summary>Begins an HMAC-SHA256 with the key.</summary>
    public IncrementalHash CreateHmac() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);

    /// <summary>Tells keys apart without showing them.</summary>
    public string Fingerprint => Convert.ToHexStringLower(HMACSHA256.HashData(_key, "fingerprint"u8))[..16];

    /// <inheritdoc/>
    public override string ToString() => "AccessKey";
}
