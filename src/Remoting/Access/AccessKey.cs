using System.Security.Cryptography;
using System.Text;

namespace Actors.Remoting.Access;

/// <summary>
/// A secret that a coordinator shares with its clients or nodes. It proves that a peer belongs to them; it does not encrypt messages.
/// <see cref="ToString"/> does not reveal it.
/// </summary>
public sealed class AccessKey
{
    /// <summary>Environment variable: the file with the key of this process, as <c>--key-file</c>.</summary>
    public const string FileVariable = "ACTORS_KEY_FILE";

    /// <summary>The shortest text of a key in a file. A program that reaches the port can test guesses of a short key on its own.</summary>
    private const int MinTextLength = 16;

    private const int MaxFileLength = 64 * 1024;

    private readonly byte[] _key;

    private AccessKey(ReadOnlySpan<byte> key, bool isUsers = false) => (_key, IsUserKey) = (SHA256.HashData(key), isUsers);

    /// <summary>Whether this is the key that the programs of one user share, not a configured key.</summary>
    public bool IsUserKey { get; }

    /// <summary>Why other users may know the key: the warning about its file (<see cref="SecretFile"/>); null for none.</summary>
    public string? Exposure { get; private init; }

    /// <summary>Creates a key from its bytes; null for no bytes.</summary>
    public static AccessKey? FromBytes(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? null : new AccessKey(bytes.Span);

    /// <summary>Creates the key that the programs of one user share.</summary>
    public static AccessKey FromUserKey(ReadOnlySpan<byte> bytes) => new(bytes, isUsers: true);

    /// <summary>Combines two keys. Only a program that has both can compute the result.</summary>
    public static AccessKey CombineKeys(AccessKey one, AccessKey other) => new([.. "both"u8, .. one._key, .. other._key]);

    /// <summary>Reads a key from a file and removes the white space around it.</summary>
    /// <param name="path">The file; null for the file that <see cref="FileVariable"/> names.</param>
    /// <returns>Null if no file is named.</returns>
    /// <exception cref="InvalidOperationException">The file cannot be read, or its text is too short or too long.</exception>
    public static AccessKey? ReadFile(string? path)
    {
        path ??= Environment.GetEnvironmentVariable(FileVariable);
        if (string.IsNullOrEmpty(path))
            return null;
        try
        {
            var file = new FileInfo(path);
            var text = file.Length <= MaxFileLength ? File.ReadAllText(path).Trim() : "";
            return text.Length switch
            {
                0 => throw new InvalidOperationException(
                    $"The key file {path} is empty or longer than {MaxFileLength} bytes. Write the key into it, or name the file that has "
                    + "it."),
                < MinTextLength => throw new InvalidOperationException(
                    $"The key in the file {path} has {text.Length} characters, so it can be guessed. Write a random one of at least "
                    + $"{MinTextLength} characters into it, such as the output of: openssl rand -hex 32"),
                _ => new AccessKey(Encoding.UTF8.GetBytes(text)) { Exposure = SecretFile.FindExposure(path) },
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"The key file {path} cannot be read: {exception.Message} Correct the path, or let this program read the file.", exception);
        }
    }

    /// <summary>Derives a name that cannot be guessed without the key.</summary>
    /// <param name="plain">The name that is used without a key.</param>
    public string DeriveName(string plain) =>
        $"{plain}-{Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"name {plain}")))}";

    /// <summary>Whether a text is the text of this key. The time of the comparison depends only on the length of the text.</summary>
    public bool MatchesText(string text) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(text)), _key);

    /// <summary>Creates an HMAC-SHA256 with the key.</summary>
    public IncrementalHash CreateHmac() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);

    /// <summary>Identifies the key without revealing it.</summary>
    public string Fingerprint => Convert.ToHexStringLower(HMACSHA256.HashData(_key, "fingerprint"u8))[..16];

    /// <inheritdoc/>
    public override string ToString() => "AccessKey";
}
