using System.Text;

namespace Actors.Messages.Bundles;

/// <summary>Checks the path of a file in a bundle. The path comes from another machine.</summary>
public static class BundlePath
{
    private const int MaxPathLength = 511;

    /// <summary>The longest file name that common file systems accept, in bytes of UTF-8.</summary>
    private const int MaxNameLength = 255;

    /// <summary>Limits the number of directories that a bundle creates.</summary>
    private const int MaxDirectories = 16;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether a path is inside of the bundle and can be created.</summary>
    public static bool IsValid(string path)
    {
        // No control characters: a line break would let two manifests have one id.
        if (path.Length is 0 or > MaxPathLength || path.Contains('\\') || path.Contains(':') || path.Any(char.IsControl) || !IsText(path))
            return false;
        var names = path.Split('/');
        return names.Length <= MaxDirectories + 1 && names.All(IsName);
    }

    private static bool IsName(string name) =>
        name is not ("" or "." or "..") && Encoding.UTF8.GetByteCount(name) <= MaxNameLength;

    /// <summary>
    /// Whether a path is valid UTF-16. An unpaired surrogate has no UTF-8 form: two paths could be one file, and two manifests could have
    /// one id.
    /// </summary>
    private static bool IsText(string path)
    {
        try
        {
            _ = Strict.GetByteCount(path);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }
}
