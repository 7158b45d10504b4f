using System.Security.Cryptography;
using Actors.Messages.Storage;

namespace Actors.Remoting.Access;

/// <summary>
/// The key that the programs of one user share on the loopback address if they have no certificates and no configured key. The first
/// program creates it; other users of the machine cannot read it.
/// </summary>
public static class UserKey
{
    /// <summary>The name of the key file.</summary>
    public const string FileName = "loopback.key";

    private const int Length = 32;
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute;

    /// <summary>The directory of the key: below <c>XDG_DATA_HOME</c>, by default <c>~/.local/share</c>.</summary>
    public static string DefaultDirectory => Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "actors", "keys");

    /// <summary>Reads the key, and creates it first if it is missing.</summary>
    /// <exception cref="InvalidOperationException">The key can neither be read nor created, or other users have access to it.</exception>
    public static AccessKey ReadOrCreate() => ReadOrCreate(DefaultDirectory);

    /// <summary>Reads the key in a directory, and creates it first if it is missing.</summary>
    public static AccessKey ReadOrCreate(string directory)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            if (!Directory.Exists(directory))
                PrivateDirectory.Create(directory);
            PrivateDirectory.CreateParents(directory);
            RequirePrivate(directory, DirectoryMode);
            if (!File.Exists(path))
                CreateKeyFile(path);
            RequirePrivate(path, FileMode);
            var key = File.ReadAllBytes(path);
            return key.Length == Length
                ? AccessKey.FromUserKey(key)
                : throw new InvalidOperationException($"{path} is damaged: remove it, and start all programs again.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"The key that the programs of a user share cannot be used: {exception.Message} Make {directory} writable, set "
                + "XDG_DATA_HOME, or give the programs "
                + $"a key of their own (--key-file, or {AccessKey.FileVariable}).", exception);
        }
    }

    /// <summary>
    /// Writes the key under a temporary name first: a program that finds the key file must find all of it, and only one of two programs
    /// that start at once may create it.
    /// </summary>
    private static void CreateKeyFile(string path)
    {
        var draft = $"{path}.{Guid.NewGuid():N}";
        using (var file = PrivateFile.Create(draft))
            file.Write(RandomNumberGenerator.GetBytes(Length));
        PrivateFile.PublishOnce(draft, path);
    }

    private static void RequirePrivate(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
            return;
        var info = new FileInfo(path);
        if (info.LinkTarget is not null)
            throw new InvalidOperationException($"{path} is a symbolic link: remove it.");
        if (UnixEntry.FromPath(path) is { Owner: var owner } && owner != UnixEntry.User)
        {
            throw new InvalidOperationException(
                $"{path} belongs to the user with the number {owner}: set XDG_DATA_HOME to a directory of this user, or HOME.");
        }

        if ((File.GetUnixFileMode(path) & ~mode) != 0)
        {
            throw new InvalidOperationException(
                $"Others have access to {path}: remove it, so that another key is made, and start all programs again.");
        }
    }
}
