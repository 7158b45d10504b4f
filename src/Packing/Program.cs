using Actors.Packing;

if (args.Length < 2)
{
    await Console.Error.WriteLineAsync("Usage: Actors.Packing DIRECTORY ASSEMBLY...").ConfigureAwait(false);
    return 2;
}

#pragma warning disable RS0030 // Outputs of a build are no private files.
Directory.CreateDirectory(args[0]);
foreach (var assembly in args.Skip(1))
    File.WriteAllBytes(Path.Combine(args[0], Path.GetFileName(assembly)), ReferenceAssembly.HideTypes(File.ReadAllBytes(assembly)));
#pragma warning restore RS0030
return 0;
