using System.Runtime.CompilerServices;

namespace Actors.Cli.Tests.Running;

/// <summary>The directory of all files of this test run, which is also the cache of the user. It is removed at the end.</summary>
internal static class TestFiles
{
    private static readonly string Root = Directory.CreateTempSubdirectory("ac-").FullName;

    /// <summary>Gets a path in the directory.</summary>
    public static string GetPath(string name) => Path.Combine(Root, name);

#pragma warning disable CA2255 // The variable is read once, by a static field.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void SetCache()
    {
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", GetPath("cache"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Root, recursive: true);
    }
}
